// SPDX-License-Identifier: Apache-2.0

/// The description of the suite: its programs, its parameters, and the checks that main.cf and master.cf fit together.
///
/// - programs: [Programs] has a row for each [Program] (kind, weight, role, who may ask it, sandbox, parameters), [ProgramAccounts] (as whom they run), [Jvm] (how they are started)
/// - parameters: a `*Params` class for each program, [AllParams] has them all
/// - names that mean something: [RestrictionName] and [RestrictionItem] in lists of smtpd's, Postfix's parameters that are not here, [OldNames]
/// - checks: [ConfigCheck], [AuthCheck]; [Plan] is what master.cf and main.cf amount to, with everything that is wrong in them
///
/// Not here: how a file is read (`config`), how a daemon runs (`server`), who confines it (master). Rooms below do not see
/// this one: what they must know of a program is handed to them, as [Programs#options] does.
@NullMarked
package org.postino.suite;

import org.jspecify.annotations.NullMarked;
