/**
 * Logging in and lending scopes over HTTP.
 *
 * <p>Entry: {@link io.bitdelta.node.api.auth.AuthApi}.
 */
@NullMarked
package io.bitdelta.node.api.auth;

import org.jspecify.annotations.NullMarked;
