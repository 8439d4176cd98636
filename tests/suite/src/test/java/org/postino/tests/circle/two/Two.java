// SPDX-License-Identifier: Apache-2.0

package org.postino.tests.circle.two;

import org.postino.tests.circle.one.One;

/// Half of the circle that `RoomsTest` must find.
public record Two(java.util.List<One> others) {}
