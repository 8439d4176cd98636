// SPDX-License-Identifier: Apache-2.0

/// DESCRIPTION: verify(8) knows of addresses whether mail to them would bounce, and sends probes to find out.
///
/// SECURITY: it is asked by smtpd about addresses that strangers name, and keeps what remote servers say: both are bounded in number and
/// length.
@NullMarked
package org.postino.verify;

import org.jspecify.annotations.NullMarked;
