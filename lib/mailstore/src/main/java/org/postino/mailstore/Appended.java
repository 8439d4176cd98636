// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// The mailbox and the UID of a message that was added (RFC 4315).
public record Appended(long uidValidity, long uid) {}
