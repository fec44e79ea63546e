package io.bitdelta.ipfs.gateway;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;
import java.util.List;

/** No gateway gave a block. Names the block and says for each gateway why. */
public final class GatewayException extends ContentException {
    private static final long serialVersionUID = 1L;

    GatewayException(Cid cid, List<String> reasons) {
        super("cannot fetch block " + cid + ": " + String.join("; ", reasons));
    }
}
