# The keeper: one small process between the supervisor and one command. It is the only one that can
#   - see the exact wait status of the command, and the CPU time and memory that the kernel counted for all of its tree;
#   - adopt what the command leaves behind (a "child subreaper" is given every orphan below it), so that nothing gets lost;
#   - notice that the supervisor is gone, even by SIGKILL, and end the command then.
# It is Perl since Perl is there wherever git is, and uses no module at all: loading `strict` alone costs half a millisecond.
#
#   perl keeper.pl PARENT GRACE_MS METERED NAME PRCTL GETRUSAGE CLOCK_GETTIME RT_SIGPROCMASK RT_SIGTIMEDWAIT GETSID
#
# The capitals after NAME are system call numbers of this machine; PARENT 0 only checks that they work. Descriptor 3 leads
# to the supervisor. It is sent one line each:
#   ready STDOUT STDERR                  descriptors here whose pipes the supervisor opens through /proc
#   started PID
#   failed STEP ERRNO                    step: pipe, fork, chdir or exec
#   exited STATUS NANOSECONDS USAGE      the command: wait status, runtime, and what was used so far
#   new                                  the command's session has a new process, or a new thread
#   ended USAGE                          nothing is left; what was used by everything
# USAGE is five numbers, each -1 where the system does not say: CPU time in microseconds, the largest RSS in kilobytes (1024),
# blocks of 512 bytes read from and written to storage, context switches.
# It answers `ready` with a length (32 bits, network order) and so many bytes, strings joined by NUL: working folder,
# number of arguments, the arguments, then names and values of the environment. The command's environment thus never
# reaches this Perl (PERL5OPT, LD_PRELOAD, a bad locale), and neither environment nor arguments show up in its own.

my ($supervisor, $grace_ms, $metered, $name, @numbers) = @ARGV;
my ($PRCTL, $GETRUSAGE, $CLOCK_GETTIME, $RT_SIGPROCMASK, $RT_SIGTIMEDWAIT, $GETSID) = map { $_ + 0 } @numbers;
my ($PR_SET_PDEATHSIG, $PR_SET_CHILD_SUBREAPER, $RUSAGE_CHILDREN, $CLOCK_MONOTONIC, $WNOHANG) = (1, 36, -1, 1, 1);
my ($EAGAIN, $SIG_BLOCK, $SIG_SETMASK, $HUP, $INT, $QUIT, $USR1, $USR2, $PIPE, $TERM, $CHLD) = (11, 0, 2, 1, 2, 3, 10, 12, 13, 15, 17);

sub sigset { my $bits = 0; $bits |= 1 << ($_ - 1) for @_; pack 'Q', $bits }
sub prctl { syscall($PRCTL, $_[0], $_[1], 0, 0, 0) }

sub nanoseconds {
  my $time = "\0" x 16;
  syscall($CLOCK_GETTIME, $CLOCK_MONOTONIC, $time) == 0 or return 0;
  my ($seconds, $rest) = unpack 'qq', $time;
  return $seconds * 1_000_000_000 + $rest;
}

# Of all that was waited for. A kernel that does not count what is read and written says 0, and has no such file.
my $counts_blocks = -e '/proc/self/io';

sub usage {
  my $usage = "\0" x 144;
  syscall($GETRUSAGE, $RUSAGE_CHILDREN, $usage) == 0 or return (-1) x 5;
  my ($user, $user_us, $system, $system_us, $largest, @rest) = unpack 'q18', $usage;
  my ($in, $out) = $counts_blocks ? @rest[6, 7] : (-1, -1);
  return (($user + $system) * 1_000_000 + $user_us + $system_us, $largest, $in, $out, $rest[11] + $rest[12]);
}

# Signals stay blocked and are fetched one by one. A handler would leave a gap between looking and waiting.
my $handled = sigset($HUP, $INT, $QUIT, $USR1, $USR2, $TERM, $CHLD);
my $blocked = sigset($HUP, $INT, $QUIT, $USR1, $USR2, $TERM, $CHLD, $PIPE);
my $before = "\0" x 8;

sub next_signal {
  my ($ms) = @_;
  return syscall($RT_SIGTIMEDWAIT, $handled, 0, 0, 8) unless defined $ms;
  $ms = 0 if $ms < 0;
  my $limit = pack 'qq', int($ms / 1000), ($ms % 1000) * 1_000_000;
  return syscall($RT_SIGTIMEDWAIT, $handled, 0, $limit, 8);
}

my $works = length(pack 'P', '') == 8
  && prctl($PR_SET_CHILD_SUBREAPER, 1) == 0
  && syscall($RT_SIGPROCMASK, $SIG_BLOCK, $blocked, $before, 8) == 0
  && nanoseconds() > 0 && (usage())[0] >= 0
  && ($supervisor || next_signal(0) == -1 && $! == $EAGAIN);
if (!$supervisor) {
  my $other = fork;
  sleep 60, exit if defined $other && !$other;
  my $open = defined readlink "/proc/$other/fd/0"; # the supervisor needs as much: a sandbox may forbid it
  kill 'KILL', $other;
  print $works && $open ? 'works' : 'does not work';
  exit;
}

prctl($PR_SET_PDEATHSIG, $TERM);
exit if getppid != $supervisor; # it was gone before it could have been noticed
$0 = "watchkeeper: $name";

# What Perl opens above descriptor 2 is closed on exec: the command gets 0, 1 and 2, nothing of ours.
open(my $line, '+<&=', 3) or exit 125;
sub report { syswrite $line, "@_\n" }

pipe(my $stdout, my $stdout_end) && pipe(my $stderr, my $stderr_end) or report('failed', 'pipe', $! + 0), exit;
report('ready', fileno $stdout, fileno $stderr);

sub receive {
  my ($length) = @_;
  my $bytes = '';
  while (length $bytes < $length) {
    sysread($line, $bytes, $length - length $bytes, length $bytes) or exit; # the supervisor is gone, or gave up
  }
  return $bytes;
}
my ($cwd, $count, @strings) = split /\0/, receive(unpack 'N', receive(4)), -1;
my @argv = splice @strings, 0, $count;
close $stdout;
close $stderr;

my $began = nanoseconds();
my $command = fork;
if (!defined $command) { report('failed', 'fork', $! + 0); exit }
if (!$command) {
  my $keeper = getppid;
  setpgrp 0, 0; # a group of its own: `kill 0` in a script must not reach the keeper
  prctl($PR_SET_PDEATHSIG, $TERM); # if somebody kills the keeper
  report('started', $$); # by the child itself: afterwards the command may end or stop us
  open STDOUT, '>&', $stdout_end;
  open STDERR, '>&', $stderr_end;
  my $step = 'chdir';
  if (chdir $cwd) {
    $step = 'exec';
    %ENV = @strings;
    syscall($RT_SIGPROCMASK, $SIG_SETMASK, $before, 0, 8);
    exec {$argv[0]} @argv;
  }
  report('failed', $step, $! + 0);
  exit 127;
}
close $stdout_end;
close $stderr_end;

# Reaps what has ended; says whether anything is left.
my $running = 1;
sub reap {
  my $pid;
  while (($pid = waitpid -1, $WNOHANG) > 0) {
    next unless $running && $pid == $command;
    $running = 0;
    report('exited', $?, nanoseconds() - $began, usage());
  }
  return $pid == 0;
}

sub descendants {
  my (%parent, %tree);
  opendir my $proc, '/proc' or return;
  for my $pid (grep /^\d+$/, readdir $proc) {
    open my $file, '<', "/proc/$pid/stat" or next;
    local $/; # a process may have a line break in its name
    $parent{$pid} = $1 if <$file> =~ /.*\) [^Z] (\d+)/s;
  }
  $tree{$$} = 1;
  my $known = 0;
  while ($known < keys %tree) {
    $known = keys %tree;
    $tree{$parent{$_}} and $tree{$_} = 1 for keys %parent;
  }
  delete $tree{$$};
  return keys %tree;
}

# The supervisor is gone: nobody is left to be told, and what it had started must not outlive it.
sub end_tree {
  kill 'TERM', descendants();
  my $deadline = nanoseconds() + $grace_ms * 1_000_000;
  while (reap()) {
    my $rest = ($deadline - nanoseconds()) / 1_000_000;
    kill 'KILL', descendants() if $rest <= 0;
    next_signal($rest > 0 ? $rest : 100);
  }
  exit;
}

# A peak that a process holds together with a new one for a moment is only seen by who looks in that moment. The
# supervisor looks rarely after the first second, as its waking up costs several times as much as this: the number that
# the system gave out last, to whatever process or thread, says whether there can be anything new at all.
my ($load, $newest);

sub wait_for_signal {
  return next_signal() unless $running && $load;
  my $age_ms = (nanoseconds() - $began) / 1_000_000;
  my $pause_ms = $age_ms < 1000 ? 1000 : $age_ms < 360_000 ? 60 : $age_ms < 6_000_000 ? $age_ms / 6000 : 1000;
  my $limit = pack 'qq', int($pause_ms / 1000), ($pause_ms % 1000) * 1_000_000;
  my ($text, $signal);
  for (1 .. 1000 / $pause_ms) { # sparing, as this is all that a run costs for hours
    $signal = syscall($RT_SIGTIMEDWAIT, $handled, 0, $limit, 8);
    return $signal if $signal > 0;
    sysseek $load, 0, 0;
    sysread $load, $text, 128;
    my $last = substr $text, rindex($text, ' ') + 1;
    next if $last eq $newest;
    report('new') if has_new_process($newest + 1, $last + 0);
    $newest = $last;
  }
  return $signal;
}

sub has_new_process {
  my ($from, $to) = @_;
  return 0 if $from == 1 || $to - $from > 32; # on a machine as busy as that it is not worth it
  for my $pid ($from .. $to) {
    return 1 if syscall($GETSID, $pid) == $$;
  }
  return 0;
}

$metered && open $load, '<:unix', '/proc/loadavg' or undef $load;
while (reap()) {
  my $signal = wait_for_signal();
  next if $signal <= 0 || $signal == $CHLD;
  end_tree() if getppid != $supervisor;
  kill $signal, $command if $running; # somebody took the keeper for the command
}
report('ended', usage());
