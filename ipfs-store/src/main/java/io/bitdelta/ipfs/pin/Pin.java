package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.Visibility;
import io.bitdelta.ipfs.cid.Cid;

/**
 * A reason to keep content. Several pins of the same content with different names are independent of each other.
 *
 * @param cid version 1
 * @param kind how much is kept
 * @param name whose or what it is; any text up to {@link #MAX_NAME} characters, may be empty
 * @param visibility who may read it through the gateway
 */
public record Pin(Cid cid, Kind kind, String name, Visibility visibility) {
    /** The longest name, in characters. */
    public static final int MAX_NAME = 1024;

    /** How much a pin keeps. */
    public enum Kind {
        /** The block alone. */
        DIRECT,
        /** The block and everything under it. */
        RECURSIVE
    }

    /** Takes the version 1 form and checks the name's length. */
    public Pin {
        cid = cid.toV1();
        if (name.length() > MAX_NAME) {
            throw new IllegalArgumentException(
                    "a pin's name has at most " + MAX_NAME + " characters, not " + name.length());
        }
    }
}
