package io.bitdelta.contracts.artifact;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a contract refused a call.
 *
 * @param name name of the custom error
 * @param values its values in the order of the declaration, as text: addresses and hashes 0x-hex, numbers decimal, short
 *     texts as they read
 * @param sentence what happened and what to do about it
 */
public record RevertReason(String name, Map<String, String> values, String sentence) {
    public RevertReason {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
