package io.bitdelta.attestation.evidence.dcap;

import io.bitdelta.attestation.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the level that a platform reaches: the first whose every minimum it meets. */
final class TcbLevels {
    private static final int COMPONENTS = 16;

    private TcbLevels() {}

    /**
     * A level that was reached.
     *
     * @param status its status
     * @param advisories the ids that come with it, sorted
     */
    record Level(TcbStatus status, List<String> advisories) {
        Level {
            advisories = List.copyOf(new TreeSet<>(advisories));
        }

        static Level of(JsonObject level) {
            return new Level(
                    TcbStatus.of(level.text("tcbStatus")),
                    level.has("advisoryIDs") ? level.texts("advisoryIDs") : List.of());
        }

        Level mergedWith(Level part) {
            List<String> all = new ArrayList<>(advisories);
            all.addAll(part.advisories);
            return new Level(status.mergedWith(part.status), all);
        }
    }

    /**
     * The platform's level.
     *
     * @param teeTcbSvn 16 bytes for TDX, empty for SGX
     */
    static Optional<Level> platform(JsonObject tcbInfo, PckCertificate pck, Optional<byte[]> teeTcbSvn) {
        for (JsonObject level : tcbInfo.objects("tcbLevels")) {
            if (reaches(level.object("tcb"), pck, teeTcbSvn)) {
                return Optional.of(Level.of(level));
            }
        }
        return Optional.empty();
    }

    /** Whether the platform meets the newest level's minima and that level is not out of date itself. */
    static boolean reachesNewest(JsonObject tcbInfo, PckCertificate pck, byte[] teeTcbSvn) {
        List<JsonObject> levels = tcbInfo.objects("tcbLevels");
        return !levels.isEmpty()
                && !TcbStatus.of(levels.getFirst().text("tcbStatus")).outOfDate()
                && reaches(levels.getFirst().object("tcb"), pck, Optional.of(teeTcbSvn));
    }

    private static boolean reaches(JsonObject tcb, PckCertificate pck, Optional<byte[]> teeTcbSvn) {
        List<JsonObject> components = tcb.objects("sgxtcbcomponents");
        if (components.size() != COMPONENTS) {
            return false;
        }
        for (int i = 0; i < COMPONENTS; i++) {
            if (pck.componentSvn(i) < components.get(i).whole("svn", 0, 255)) {
                return false;
            }
        }
        if (pck.pceSvn() < tcb.whole("pcesvn", 0, 65535)) {
            return false;
        }
        return teeTcbSvn.isEmpty() || tdxReaches(tcb, teeTcbSvn.get());
    }

    private static boolean tdxReaches(JsonObject tcb, byte[] teeTcbSvn) {
        List<JsonObject> components = tcb.objects("tdxtcbcomponents");
        if (components.size() != COMPONENTS) {
            return false;
        }
        // With a module of its own identity, the module's version is judged by that identity.
        int first = teeTcbSvn[1] != 0 ? 2 : 0;
        for (int i = first; i < COMPONENTS; i++) {
            if ((teeTcbSvn[i] & 0xff) < components.get(i).whole("svn", 0, 255)) {
                return false;
            }
        }
        return true;
    }

    /** The level of an enclave or module: the first whose minimum it reaches. */
    static Optional<Level> isv(JsonObject identity, int isvSvn) {
        for (JsonObject level : identity.objects("tcbLevels")) {
            if (isvSvn >= level.object("tcb").whole("isvsvn", 0, 65535)) {
                return Optional.of(Level.of(level));
            }
        }
        return Optional.empty();
    }
}
