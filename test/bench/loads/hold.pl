# Waits, holds memory for a moment, in itself and if asked in a child at the same time, and reports how much memory was
# resident then: its own, the child's, and that of so many of its ancestors.
#
#   perl hold.pl MEGABYTES HOLD_MS [WAIT_MS] [CHILD_MEGABYTES] [ANCESTORS]

my ($megabytes, $hold_ms, $wait_ms, $child_megabytes, $ancestors) = map { $_ + 0 } @ARGV, 0, 0, 0;

sub nap { select undef, undef, undef, $_[0] / 1000 }

sub status {
  my ($pid, $field) = @_;
  open(my $file, '<', "/proc/$pid/status") or die "$pid: $!\n";
  while (<$file>) { return $1 if /^$field:\s+(\d+)/ }
  return 0;
}

nap($wait_ms);
my ($child, $answer);
if ($child_megabytes) {
  $child = open($answer, '-|', $^X, '-e', '$held = "x" x shift; syswrite STDOUT, "holding\n"; sleep 60', $child_megabytes * 1e6);
  readline $answer;
}
my $held = 'x' x ($megabytes * 1e6);
nap($hold_ms);

# Peaks, and not what is held now: the system itself keeps them, and nothing has been given back since.
my $kilobytes = status($$, 'VmHWM');
$kilobytes += status($child, 'VmHWM') if $child;
for (my ($pid, $left) = ($$, $ancestors); $left > 0; $left--) {
  $pid = status($pid, 'PPid');
  $kilobytes += status($pid, 'VmRSS');
}
if ($child) {
  kill 'KILL', $child;
  waitpid $child, 0;
}
open(my $report, '>>', $ENV{WATCHKEEPER_METRICS}) or die "no report: $!\n";
syswrite $report, sprintf qq({"metric":"trueValue","value":%.6f}\n), $kilobytes * 1024 / 1e6;
