// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// Where a message was put (RFC 4315).
public record Appended(long uidValidity, long uid) {}
