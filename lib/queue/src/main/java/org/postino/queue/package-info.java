// SPDX-License-Identifier: Apache-2.0

/// The queue: messages in files, how they get there, who delivers them, and what became of each recipient.
///
/// - files: a [QueueFile] has an [Envelope], [Recipient]s and content; [QueueFileWriter] makes it, [Spool] knows the directories,
///   [QueueId] the names
/// - edits: a [MessageEdit] changes a message whose content has been seen
/// - in: a [Submission] goes through [CleanupClient] and ends as a [CleanupResult]
/// - out: an [Agent] run by a [DeliveryServer] gets one [DeliveryJob] at a time per connection and reports each recipient's
///   outcome as soon as it is known; [RecipientLog] keeps why it is not delivered, [StatusLine] is the line of the log;
///   [CommandOutcome] is what the end of a command means
/// - the queue manager: everybody else talks to it through [QmgrClient]; [QueueListing] is what `postqueue -p` shows
///
/// Not here: when and where to a message is sent (qmgr), what its header says (`message`), cleanup's work on it (cleanup).
///
/// # The queue file
///
/// A sequence of records (type byte, unsigned LEB128 length, data; see `org.postino.ipc`), in this order:
///
/// | type | data | how often |
/// |---|---|---|
/// | `H` header | 74 bytes of ASCII, see below | once, at offset 0 |
/// | `S` sender | address, empty for the null sender; the last counts | once, and any behind the content in version 2 |
/// | `T` arrival | milliseconds since 1970, decimal | once |
/// | `I` trace | trace id of the session that brought the message | once |
/// | `A` attribute | name, value (two texts, each a length and UTF-8); the last of a name counts | any, also after the content |
/// | `R` recipient | status byte, then four texts: address, original address, DSN NOTIFY, DSN ORCPT | any, also after the content |
/// | `C` content | the message as it came, lines ended by CRLF; its length is written in ten bytes | once |
/// | `D` edits | bytes that edits brought: header fields, a new body; the length as that of `C` | any, behind the content; version 2 |
/// | `M` message | pairs of numbers, offset in the file and length: the pieces that are the message | once, behind `D`; version 2 |
/// | `E` end | nothing | once, the last bytes of the file |
///
/// Header: columns of decimal digits, right-aligned, one blank after each.
///
/// | offset in data | width | what |
/// |---|---|---|
/// | 0 | 1 | format version: `1`, or `2` if the message was edited |
/// | 2 | 1 | `-`, or `X` when the message shall be returned at the next chance (`postsuper -e`); changed in place |
/// | 4 | 15 | size of the whole file |
/// | 20 | 15 | offset of the content's first byte |
/// | 36 | 15 | length of the message as readers see it; without edits that of the content |
/// | 52 | 10 | number of `R` records |
/// | 63 | 8 | CRC-32C in hexadecimal, see below |
/// | 72 | 2 | blank, LF |
///
/// The checksum covers all records but `H`, `C` and `D`, each status byte counted as `O`; in version 2, the lengths of `C` and `D`
/// follow, in order, each as the head of a `D` record.
///
/// # Edits
///
/// A field put in front of the message, a field changed or removed and a new body are all the same to a reader: the `M` record names the
/// runs of bytes, in `C` and in `D`, that make up the message, and everybody reads these one after the other ([QueueFile#content]).
/// Nothing that was written is moved or overwritten. For instance, a field of 30 bytes in front of a message of 1000, whose field from
/// 200 to 250 was replaced by one of 60: `D` holds 90 bytes at 1511, and `M` says `1511 30, 500 200, 1541 60, 750 750`, for a content at 500.
///
/// Each piece lies within one `C` or `D` record, and all together are not longer than the file. The edits come before the commit, and the
/// header after them: a file in which they stand by half has no header and is not a message. A message without edits is written
/// as version 1, which earlier releases read. A file of a version that is not known here counts as damaged, and goes to `corrupt` as it is.
///
/// The header is written last (or with the rest, when the message is small), so a file cut short at any byte, or one whose
/// header never came, is not accepted. The status byte of a recipient (`O` open, `D` done) is changed in place by whoever delivered.
///
/// # Which files exist
///
/// | state | file |
/// |---|---|
/// | being received | `incoming/ID`, mode 0600, or `incoming/` and a name with a dot in it |
/// | committed | `incoming/ID`, mode 0760 |
/// | being delivered, waiting, on hold, damaged | `active/ID`, `deferred/ID`, `hold/ID`, `corrupt/ID` |
/// | submitted by a local user, not yet taken over | `maildrop/ID`, mode 0644 while it is written, then 0744 |
/// | the same, out of its owner's reach while pickup submits it | `maildrop/taken/ID` |
///
/// Names listed in `hash_queue_names` have `hash_queue_depth` levels of subdirectories, named after the microseconds of the id.
///
/// # SECURITY
///
/// Files in `maildrop` come from any local user: [QueueFile#open] believes nothing that a file says about itself.
@NullMarked
package org.postino.queue;

import org.jspecify.annotations.NullMarked;
