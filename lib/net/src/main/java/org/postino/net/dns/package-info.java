// SPDX-License-Identifier: Apache-2.0

/// Questions to the domain name system, answered as values. dnsjava is loaded with the first question.
@NullMarked
package org.postino.net.dns;

import org.jspecify.annotations.NullMarked;
