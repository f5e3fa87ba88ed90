# Uses CPU until the system counts so many milliseconds for it, then runs a command if it is given one, and reports what
# the system counted for itself and for all that it waited for, to the microsecond.
#
#   perl burn.pl GETRUSAGE MILLISECONDS [COMMAND...]        GETRUSAGE: the number of that system call on this machine

my ($GETRUSAGE, $milliseconds, @command) = @ARGV;
my ($SELF, $CHILDREN) = (0, -1);

sub used {
  my $usage = "\0" x 144;
  syscall($GETRUSAGE + 0, $_[0], $usage) == 0 or die "getrusage: $!\n";
  my ($user, $user_us, $system, $system_us) = unpack 'q4', $usage;
  return $user + $system + ($user_us + $system_us) / 1e6;
}

while (used($SELF) < $milliseconds / 1000) {
  for (my $i = 0; $i < 1000; $i++) { }
}
system(@command) == 0 or die "@command: $?\n" if @command;
open(my $report, '>>', $ENV{WATCHKEEPER_METRICS}) or die "no report: $!\n";
syswrite $report, sprintf qq({"metric":"trueValue","value":%.6f}\n), used($SELF) + used($CHILDREN);
