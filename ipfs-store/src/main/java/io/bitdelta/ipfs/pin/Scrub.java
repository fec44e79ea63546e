package io.bitdelta.ipfs.pin;

import io.bitdelta.ipfs.ContentException;
import io.bitdelta.ipfs.Progress;
import io.bitdelta.ipfs.block.Block;
import io.bitdelta.ipfs.block.BlockNotFoundException;
import io.bitdelta.ipfs.block.Blockstore;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.pin.ScrubReport.Finding;
import io.bitdelta.ipfs.pin.ScrubReport.Problem;
import io.bitdelta.ipfs.unixfs.DagLimits;
import io.bitdelta.ipfs.unixfs.DagWalk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads every block of a store, and checks that everything under every pin is there. Changes nothing. */
public final class Scrub {
    private Scrub() {}

    /** Runs to the end whatever it finds. */
    public static ScrubReport run(Blockstore store, Pins pins, Progress progress) throws IOException {
        List<Cid> checked;
        try (Stream<Cid> cids = store.cids()) {
            checked = cids.sorted().toList();
        }
        TreeMap<Cid, Finding> findings = new TreeMap<>();
        long bytes = 0;
        for (Cid cid : checked) {
            try {
                Optional<Block> block = store.get(cid);
                long size = block.map(Block::size).orElse(0);
                bytes += size;
                progress.done(size);
            } catch (ContentException e) {
                findings.put(cid, new Finding(cid, Problem.CORRUPT, message(e)));
            }
        }
        for (Pin pin : pins.all()) {
            checkPinned(store, pin, findings);
        }
        return new ScrubReport(checked, bytes, new ArrayList<>(findings.values()));
    }

    private static void checkPinned(Blockstore store, Pin pin, Map<Cid, Finding> findings) throws IOException {
        Set<Cid> under = new HashSet<>();
        if (pin.kind() == Pin.Kind.DIRECT) {
            under.add(pin.cid());
        } else {
            new DagWalk(store, DagLimits.DEFAULT)
                    .closure(pin.cid(), under, (cid, failure) -> record(findings, cid, failure));
        }
        for (Cid cid : under) {
            if (!store.has(cid)) {
                record(findings, cid, new BlockNotFoundException(cid, store.name()));
            }
        }
    }

    private static void record(Map<Cid, Finding> findings, Cid cid, ContentException failure) {
        Problem problem = failure instanceof BlockNotFoundException ? Problem.MISSING : Problem.CORRUPT;
        findings.putIfAbsent(cid, new Finding(cid, problem, message(failure)));
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
