// SPDX-License-Identifier: Apache-2.0

/// The commands of an administrator and of users; each class with a `main` is one, and is called as its file in `bin/`.
@NullMarked
package org.postino.commands;

import org.jspecify.annotations.NullMarked;
