// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A message as one session sees it, without anything that would need its file.
///
/// @param uid unique in the mailbox as long as UIDVALIDITY stays
/// @param flags the flags of the last look at the disk
/// @param modseq grows with every change of the flags (RFC 7162)
/// @param recent this session is the first that was told of the message
public record MessageEntry(long uid, Flags flags, long modseq, boolean recent) {}
