package io.bitdelta.ipfs.block;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.cid.Cid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Stored bytes no longer hash to the identifier they are stored under. */
public final class CorruptBlockException extends ContentException {
    private static final long serialVersionUID = 1L;

    private final transient Cid cid;
    private final String path;
    private final transient @Nullable Cid computed;

    /**
     * @param cid the identifier asked for
     * @param path where the bytes lie: a file, or the name of a tier
     * @param computed the identifier the bytes have
     */
    public CorruptBlockException(Cid cid, String path, Cid computed) {
        this(cid, path, "its bytes hash to " + computed, computed);
    }

    /** Bytes that cannot even be hashed as a block: too many of them. */
    CorruptBlockException(Cid cid, String path, String finding) {
        this(cid, path, finding, null);
    }

    private CorruptBlockException(Cid cid, String path, String finding, @Nullable Cid computed) {
        super("corrupt block " + cid + " in " + path + ": " + finding
                + "; restore it by adding the same content again");
        this.cid = cid;
        this.path = path;
        this.computed = computed;
    }

    /** The identifier asked for. */
    public Cid cid() {
        return cid;
    }

    /** Where the bytes lie. */
    public String path() {
        return path;
    }

    /** The identifier the bytes have; empty if there are too many for a block. */
    public Optional<Cid> computed() {
        return Optional.ofNullable(computed);
    }
}
