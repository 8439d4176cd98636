// SPDX-License-Identifier: Apache-2.0

/// Events and the trace that binds them together; the slf4j provider of all programs.
///
/// A daemon writes events to descriptor 2, from where master takes, stamps and stores them; a command prints its warnings on
/// standard error.
///
/// - [EventLog] writes an [Event], [StampedEvent] is one with time, process and name as it stands in the log
/// - [Trace] is the id of a session, in every request, queue file and event
/// - [LogName] gives the names under which the programs appear, Postino's or those of Postfix and Dovecot
///
/// Not here: the log file and the system log (master), the line of a delivery (`queue`). What a peer sent is made
/// [org.postino.util.Printable] before it becomes an event.
@NullMarked
package org.postino.log;

import org.jspecify.annotations.NullMarked;
