// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

/// A client that has authenticated.
///
/// @param method the mechanism, `PLAIN`
/// @param user the name that auth(8) knows it by
record Login(String method, String user) {}
