// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.util.EnumSet;
import java.util.Set;

/// The system calls that we make by number and those that a filter looks at, with their numbers on x86-64 and aarch64
/// (`asm/unistd.h`).
enum SystemCall {
    PTRACE(101, 117),
    PROCESS_VM_READV(310, 270),
    PROCESS_VM_WRITEV(311, 271),
    PROCESS_MADVISE(440, 440),
    KCMP(312, 272),
    PIDFD_GETFD(438, 438),
    PERF_EVENT_OPEN(298, 241),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    PIVOT_ROOT(155, 41),
    CHROOT(161, 51),
    OPEN_TREE(428, 428),
    OPEN_TREE_ATTR(467, 467),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSPICK(433, 433),
    MOUNT_SETATTR(442, 442),
    OPEN_BY_HANDLE_AT(304, 265),
    UNSHARE(272, 97),
    SETNS(308, 268),
    REBOOT(169, 142),
    KEXEC_LOAD(246, 104),
    KEXEC_FILE_LOAD(320, 294),
    CREATE_MODULE(174, -1),
    INIT_MODULE(175, 105),
    FINIT_MODULE(313, 273),
    DELETE_MODULE(176, 106),
    BPF(321, 280),
    USERFAULTFD(323, 282),
    IO_URING_SETUP(425, 425),
    IO_URING_ENTER(426, 426),
    IO_URING_REGISTER(427, 427),
    ADD_KEY(248, 217),
    REQUEST_KEY(249, 218),
    KEYCTL(250, 219),
    SWAPON(167, 224),
    SWAPOFF(168, 225),
    SETTIMEOFDAY(164, 170),
    CLOCK_SETTIME(227, 112),
    ADJTIMEX(159, 171),
    CLOCK_ADJTIME(305, 266),
    SETHOSTNAME(170, 161),
    SETDOMAINNAME(171, 162),
    ACCT(163, 89),
    QUOTACTL(179, 60),
    QUOTACTL_FD(443, 443),
    SYSLOG(103, 116),
    IOPL(172, -1),
    IOPERM(173, -1),
    MODIFY_LDT(154, -1),
    USELIB(134, -1),
    USTAT(136, -1),
    SYSFS(139, -1),
    SYSCTL(156, -1),
    VHANGUP(153, 58),
    LOOKUP_DCOOKIE(212, 18),
    NFSSERVCTL(180, 42),
    FANOTIFY_INIT(300, 262),
    MIGRATE_PAGES(256, 238),
    MOVE_PAGES(279, 239),

    SETUID(105, 146),
    SETGID(106, 144),
    SETREUID(113, 145),
    SETREGID(114, 143),
    SETRESUID(117, 147),
    SETRESGID(119, 149),
    SETGROUPS(116, 159),
    SETFSUID(122, 151),
    SETFSGID(123, 152),
    CAPSET(126, 91),

    KILL(62, 129),
    TKILL(200, 130),
    RT_SIGQUEUEINFO(129, 138),
    RT_TGSIGQUEUEINFO(297, 240),
    PIDFD_SEND_SIGNAL(424, 424),
    SETPRIORITY(141, 140),
    IOPRIO_SET(251, 30),
    SCHED_SETPARAM(142, 118),
    SCHED_SETSCHEDULER(144, 119),
    SCHED_SETATTR(314, 274),
    SCHED_SETAFFINITY(203, 122),
    SHMGET(29, 194),
    SHMAT(30, 196),
    SHMCTL(31, 195),
    SEMGET(64, 190),
    SEMOP(65, 193),
    SEMTIMEDOP(220, 192),
    SEMCTL(66, 191),
    MSGGET(68, 186),
    MSGSND(69, 189),
    MSGRCV(70, 188),
    MSGCTL(71, 187),
    MQ_OPEN(240, 180),
    MQ_UNLINK(241, 181),
    MEMFD_CREATE(319, 279),
    MEMFD_SECRET(447, 447),
    EXECVEAT(322, 281),

    CHMOD(90, -1),
    FCHMOD(91, 52),
    FCHMODAT(268, 53),
    FCHMODAT2(452, 452),
    CHOWN(92, -1),
    FCHOWN(93, 55),
    LCHOWN(94, -1),
    FCHOWNAT(260, 54),
    UTIME(132, -1),
    UTIMES(235, -1),
    FUTIMESAT(261, -1),
    UTIMENSAT(280, 88),
    SETXATTR(188, 5),
    LSETXATTR(189, 6),
    FSETXATTR(190, 7),
    REMOVEXATTR(197, 14),
    LREMOVEXATTR(198, 15),
    FREMOVEXATTR(199, 16),
    SETXATTRAT(463, 463),
    REMOVEXATTRAT(466, 466),
    FILE_SETATTR(469, 469),

    CLONE(56, 220),
    CLONE3(435, 435),
    PERSONALITY(135, 92),
    IOCTL(16, 29),
    PRLIMIT64(302, 261),
    SOCKET(41, 198),
    LISTEN(50, 201),
    SENDTO(44, 206),
    SENDMSG(46, 211),
    SENDMMSG(307, 269),

    CAPGET(125, 90),
    SECCOMP(317, 277),
    INOTIFY_INIT1(294, 26),
    INOTIFY_ADD_WATCH(254, 27),
    PIDFD_OPEN(434, 434),
    LANDLOCK_CREATE_RULESET(444, 444),
    LANDLOCK_ADD_RULE(445, 445),
    LANDLOCK_RESTRICT_SELF(446, 446);

    /// The calls that no daemon needs, nor a command that one runs for a user: other processes' memory, the machine as a whole,
    /// namespaces, and parts of the kernel in which many holes were.
    static final Set<SystemCall> NOBODYS = EnumSet.range(PTRACE, MOVE_PAGES);

    /// Changes of ids and capabilities.
    static final Set<SystemCall> IDS = EnumSet.range(SETUID, CAPSET);

    /// The calls by which ordinary programs act on processes of the same user, or share with them, and our daemons do not. `tgkill` is
    /// missing: a JVM signals its own threads with it, and its number is not known beforehand.
    static final Set<SystemCall> COMMANDS = EnumSet.range(KILL, EXECVEAT);

    /// Changes of owners, modes, times and attributes, of which Landlock knows nothing.
    static final Set<SystemCall> ATTRIBUTES = EnumSet.range(CHMOD, FILE_SETATTR);

    private final int x86;
    private final int arm;

    SystemCall(int x86, int arm) {
        this.x86 = x86;
        this.arm = arm;
    }

    /// Its number on a machine; -1 if that does not have it.
    int number(Machine machine) {
        return switch (machine) {
            case X86_64 -> x86;
            case AARCH64 -> arm;
        };
    }

    /// Its number here; -1 if this machine does not have it.
    int number() {
        return number(Machine.OURS);
    }
}
