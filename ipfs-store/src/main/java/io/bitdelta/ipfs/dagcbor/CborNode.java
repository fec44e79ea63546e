package io.bitdelta.ipfs.dagcbor;

import io.bitdelta.ipfs.cid.Cid;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A piece of a DAG-CBOR document. */
public sealed interface CborNode {
    /** A link to another block. */
    record Link(Cid cid) implements CborNode {}

    /** A map, in the document's order. */
    record Fields(Map<String, CborNode> values) implements CborNode {}

    /** A list. */
    record Items(List<CborNode> values) implements CborNode {}

    /** A number that is not negative. */
    record Int(long value) implements CborNode {}

    /** Anything else; its value does not matter for links and paths. */
    enum Other implements CborNode {
        /** A text, bytes, a negative number, a float, a truth value or null. */
        SCALAR
    }

    /**
     * Reads a whole document.
     *
     * @throws MalformedCborException if the bytes are not one DAG-CBOR document
     */
    static CborNode decode(byte[] data) throws MalformedCborException {
        return new CborParser(data).document();
    }

    /** Every link, in the document's order. */
    default List<Cid> links() {
        List<Cid> links = new ArrayList<>();
        ArrayDeque<CborNode> stack = new ArrayDeque<>();
        stack.push(this);
        while (!stack.isEmpty()) {
            switch (stack.pop()) {
                case Link link -> links.add(link.cid());
                case Fields fields ->
                    new ArrayList<>(fields.values().values()).reversed().forEach(stack::push);
                case Items items -> items.values().reversed().forEach(stack::push);
                case Int ignored -> {}
                case Other ignored -> {}
            }
        }
        return links;
    }
}
