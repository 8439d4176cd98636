// SPDX-License-Identifier: Apache-2.0

package org.postino.tests.circle.one;

import java.util.List;
import org.postino.tests.circle.two.Two;

/// Half of the circle that `RoomsTest` must find.
public record One(List<Two> others) {}
