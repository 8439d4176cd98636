// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A record of the index as it stands in the file.
///
/// @param state letters as in the names of files, behind them `n` for a message in `new`, `o` for a file with another suffix, `u` for one
///     that no session was told of
/// @param date seconds since 1970; -1 if it is not known
/// @param size octets with CRLF; -1 if it is not known
/// @param base the base name of its file by the list of UIDs; empty if that has no such UID
public record IndexRecord(long uid, long modseq, String state, long date, long size, String base) {}
