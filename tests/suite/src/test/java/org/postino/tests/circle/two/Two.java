// SPDX-License-Identifier: Apache-2.0

package org.postino.tests.circle.two;

import java.util.List;
import org.postino.tests.circle.one.One;

/// Half of the circle that `RoomsTest` must find.
public record Two(List<One> others) {}
