// SPDX-License-Identifier: Apache-2.0

/// main.cf and master.cf: how they are read, what a parameter is, and the snapshot with which a program runs.
///
/// - files: [MainCf] and [MasterCf] read them, [LogicalLines] joins continued lines, a [Problem] names file and line
/// - parameters: a [Param] is declared once, with a [ParamType]; a program's declarations are a [ParamTable]
/// - values: [Config] holds what is set, over the defaults; [Expander] replaces `$names`; [Computed] gives the defaults that
///   come from the machine, for which [OwnNetworks] knows its addresses
/// - [MainParams]: the parameters that every configuration has, as every room may read them
///
/// Not here: the parameters of one program and what is checked of several together (`suite`), of TLS (`tls`), of the mail store
/// (`mailstore`). What those rooms know is handed in: [Declarations] and [ParamType.Words].
@NullMarked
package org.postino.config;

import org.jspecify.annotations.NullMarked;
