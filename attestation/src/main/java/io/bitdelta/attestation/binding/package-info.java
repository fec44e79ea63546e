/**
 * What evidence binds: the statement and its report data. Entry: {@link io.bitdelta.attestation.binding.Statement}.
 */
@NullMarked
package io.bitdelta.attestation.binding;

import org.jspecify.annotations.NullMarked;
