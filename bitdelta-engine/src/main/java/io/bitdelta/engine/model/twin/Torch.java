package io.bitdelta.engine.model.twin;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.Map;

/**
 * The native PyTorch engine. The first start on a machine unpacks about 450 MB into {@code bitdelta.torch.cache}
 * (default: {@code bitdelta/torch} in {@code XDG_CACHE_HOME}, or in {@code .cache} of the user's home); nothing is
 * downloaded. One engine per process; its number of threads is fixed by the first start.
 */
public final class Torch implements AutoCloseable {
    private final NDManager root;

    private Torch(NDManager root) {
        this.root = root;
    }

    /**
     * Starts the engine, or joins the running one.
     *
     * @param threads for one operation; results are the same bytes only for the same number
     * @throws TorchUnavailableException if there is no native library for this machine
     */
    public static synchronized Torch start(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least one thread is needed, not " + threads);
        }
        Map.of(
                        "ai.djl.offline", "true",
                        "OPT_OUT_TRACKING", "true",
                        "ENGINE_CACHE_DIR", cache().toString(),
                        "ai.djl.pytorch.num_threads", String.valueOf(threads),
                        "ai.djl.pytorch.num_interop_threads", "1",
                        "ai.djl.pytorch.graph_optimizer", "false")
                .forEach((key, value) -> {
                    if (System.getProperty(key) == null) {
                        System.setProperty(key, value);
                    }
                });
        try {
            return new Torch(Engine.getEngine("PyTorch").newBaseManager(Device.cpu()));
        } catch (RuntimeException | LinkageError e) {
            throw new TorchUnavailableException(e);
        }
    }

    private static Path cache() {
        String own = System.getProperty("bitdelta.torch.cache");
        if (own != null) {
            return Path.of(own);
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = xdg != null && !xdg.isBlank() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
        return caches.resolve("bitdelta").resolve("torch");
    }

    /** Begins a step: all arrays made in it are released when it is closed. */
    public Step step() {
        return new Step(root.newSubManager());
    }

    @Override
    public void close() {
        root.close();
    }
}
