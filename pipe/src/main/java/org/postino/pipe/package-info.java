// SPDX-License-Identifier: Apache-2.0

/// pipe(8), delivery to a command that a row of master.cf names, and spawn(8), which runs one for each connection. Manual pages:
/// `pipe.8`, `spawn.8`.
///
/// DESCRIPTION: [Pipe] takes a delivery and reports it; [PipeArguments] makes the words of the command, [PipeInput] what it reads. The
/// words of the row are parsed in `suite` (`CommandRow`), the command is run by `linux` (`CommandRun`), and `queue` says what its end means
/// (`CommandOutcome`). [Spawn] serves a connection.
///
/// SECURITY: the command runs as the user of its row, never as root or one of the suite's users; no shell sees what a sender wrote, and no
/// address becomes an option of the command.
@NullMarked
package org.postino.pipe;

import org.jspecify.annotations.NullMarked;
