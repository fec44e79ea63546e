package io.bitdelta.ipfs;

import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.ipfs.unixfs.Hashing;
import io.bitdelta.ipfs.unixfs.ImportProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A process that works on a store until it is killed, and says on standard output what was acknowledged to it. */
final class CrashingImporter {
    private CrashingImporter() {}

    /** Arguments: the store's folder and a seed. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Random random = new Random(Long.parseLong(arguments[1]));
        ContentStore store = ContentStore.open(folder.resolve("store"));
        Path file = folder.resolve("input-" + ProcessHandle.current().pid());
        List<Cid> mine = new ArrayList<>();
        say("READY");
        while (true) {
            byte[] content = new byte[random.nextInt(300_000)];
            random.nextBytes(content);
            switch (random.nextInt(8)) {
                case 0 -> {
                    if (!mine.isEmpty()) {
                        Cid gone = mine.remove(random.nextInt(mine.size()));
                        say("GONE " + gone);
                        store.pins().removeAll(gone);
                        store.gc(Duration.ofSeconds(30));
                    }
                }
                case 1, 2 -> {
                    Cid cid = store.addRaw(content, "raw", Visibility.PUBLIC);
                    mine.add(cid);
                    say("KEPT " + cid);
                }
                default -> {
                    Files.write(file, content);
                    Cid cid = store.addFile(
                                    file,
                                    "file",
                                    Visibility.PRIVATE,
                                    new ImportProfile("small", 4096, 8, true, 1),
                                    new Hashing(2, new PortionSha256(3)),
                                    Progress.NONE)
                            .root();
                    mine.add(cid);
                    say("KEPT " + cid);
                }
            }
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
