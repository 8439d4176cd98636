// SPDX-License-Identifier: Apache-2.0

/// pickup(8): takes what local users dropped into `maildrop` and brings it to cleanup.
///
/// # SECURITY
///
/// Anybody on the machine may create files in `maildrop`. A file is first renamed into `maildrop/taken`, where nobody else can put
/// another in its place, and then must be a regular file with one name; of its contents only sender, recipients, text and a few
/// attributes are believed, and only so much of an envelope is read as the memory has room for. What is not as it should be goes to
/// `corrupt`, and what cannot even be moved is passed over: each entry is dealt with by itself.
@NullMarked
package org.postino.pickup;

import org.jspecify.annotations.NullMarked;
