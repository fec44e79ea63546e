/** HTTP operations on soups that are being made: proposing them, and the consents of their members' owners. */
@NullMarked
package io.bitdelta.node.api.soup;

import org.jspecify.annotations.NullMarked;
