// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// The counts of a mailbox that nobody needs to open (RFC 3501, 6.3.10).
///
/// @param size sum of the CRLF sizes in octets (RFC 8438); may be -1 if nobody asked for it
public record MailboxStatus(
        int messages,
        int recent,
        int unseen,
        int deleted,
        long uidNext,
        long uidValidity,
        long highestModSeq,
        long size) {}
