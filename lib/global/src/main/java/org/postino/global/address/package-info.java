// SPDX-License-Identifier: Apache-2.0

/// Addresses: their form, how they are completed, which class and transport they have, and which client addresses are ours.
@NullMarked
package org.postino.global.address;

import org.jspecify.annotations.NullMarked;
