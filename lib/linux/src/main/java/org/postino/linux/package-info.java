// SPDX-License-Identifier: Apache-2.0

/// The operating system: what Linux and its C library do for us, by the foreign function interface and from `/proc`.
///
/// - processes: [ProcessSpawner], [Processes], [ResourceLimits], [Signals], [Inheritance]
/// - commands of users: [CommandRun], [AbandonedProcesses]
/// - users: [Users], [Credentials], [AsUser] runs a thread with the rights of a user, [PeerUser] is the user behind a connection
/// - confinement: [Sandbox] (Landlock), [Seccomp], [Capability], [ConfinementRefusal]
/// - sockets and descriptors: [ListenSocket], [InheritedSockets], [UnixDatagram], [NativeFd], [Poller], [PortHolder]
/// - files: [FileStatus], [CheckedFile], [LockableFile] and [HeldLock], [DirectoryWatch], [MemoryFile]
/// - passwords: [Pam], [Crypt], [ShadowEntry]
///
/// Not here: which program gets which rights (master, `suite`). No other room calls the C library, and no class outside this
/// one sees `Libc`.
@NullMarked
package org.postino.linux;

import org.jspecify.annotations.NullMarked;
