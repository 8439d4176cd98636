// SPDX-License-Identifier: Apache-2.0

/// SASL mechanisms and password schemes.
@NullMarked
package org.postino.net.sasl;

import org.jspecify.annotations.NullMarked;
