package io.bitdelta.node.chain;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.web3j.crypto.Credentials;

/** The accounts that a node sends from; the first is the primary one. Immutable. */
public final class Signers {
    private final Map<String, Credentials> byAddress = new LinkedHashMap<>();

    /**
     * @param keys at least one; nobody else may send from these accounts but nodes on the same database
     * @throws IllegalArgumentException when there is none, or one twice
     */
    public Signers(List<Credentials> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a node needs at least one account that sends");
        }
        for (Credentials key : keys) {
            if (byAddress.put(key.getAddress().toLowerCase(Locale.ROOT), key) != null) {
                throw new IllegalArgumentException("the account " + key.getAddress() + " is named twice");
            }
        }
    }

    /** The first account, lowercase 0x-hex. */
    public String primary() {
        return byAddress.keySet().iterator().next();
    }

    /** All accounts, lowercase 0x-hex, the primary first. */
    public Set<String> addresses() {
        return Collections.unmodifiableSet(byAddress.keySet());
    }

    Credentials key(String address) {
        Credentials key = byAddress.get(address);
        if (key == null) {
            throw new IllegalArgumentException("this node does not send from " + address);
        }
        return key;
    }
}
