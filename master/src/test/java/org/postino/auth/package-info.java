// SPDX-License-Identifier: Apache-2.0

/// A stand-in under the name of the real program: master starts it, and it does what a test tells it to.
@NullMarked
package org.postino.auth;

import org.jspecify.annotations.NullMarked;
