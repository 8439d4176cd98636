// SPDX-License-Identifier: Apache-2.0

/// Lookup tables, `type:name`, as main.cf refers to them.
///
/// - [Table] answers a key; [Tables] opens tables by name and keeps them
/// - [TableType] has a row for each type; [TableName] is `type:name`, and where its files are
/// - [Maps] asks several tables in order, for an address and its parts; [MatchList] is a list of names, networks and tables
/// - [TableFile] is the file that postmap makes, [TableSource] the text it is made of
///
/// Not here: which parameter is a table and what its values mean (its readers), rewriting (`routing`).
///
/// SECURITY: a table that cannot be read or queried makes a temporary failure, a [TableException], never "not found".
@NullMarked
package org.postino.table;

import org.jspecify.annotations.NullMarked;
