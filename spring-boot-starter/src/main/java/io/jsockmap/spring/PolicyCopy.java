package io.jsockmap.spring;

import io.jsockmap.bpf.BpfException;
import io.jsockmap.bpf.Errno;
import io.jsockmap.policy.PolicyFile;

import org.springframework.core.io.Resource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A policy of the class path. It names an object beside it, which may be within a jar, too: both
 * are copied to a folder of their own that goes with the JVM.
 */
final class PolicyCopy {
    private final Resource policy;

    PolicyCopy(Resource policy) {
        this.policy = policy;
    }

    /**
     * @throws BpfException ENOENT if there is no such resource; else as {@link PolicyFile#read}
     */
    PolicyFile read() {
        if (!policy.exists()) {
            throw new BpfException(Errno.ENOENT, "%s: does not exist".formatted(policy));
        }
        try {
            var folder = Files.createTempDirectory("jsockmap-policy");
            folder.toFile().deleteOnExit();
            var file = folder.resolve(Objects.requireNonNull(policy.getFilename()));
            copy(policy, file);
            var read = PolicyFile.read(file);
            copyNeighbour(folder, read.object());
            var types = read.setup().targetTypes();
            if (types.isPresent()) copyNeighbour(folder, types.get());
            return read;
        } catch (IOException e) {
            throw new BpfException(Errno.EIO, "%s: can't be copied: %s".formatted(policy, e), e);
        }
    }

    /** Copies what the policy names by a path from its own folder; an absolute one stays a file. */
    private void copyNeighbour(Path folder, Path named) throws IOException {
        if (!named.startsWith(folder)) return;
        var name = folder.relativize(named);
        if (!named.normalize().startsWith(folder)) {
            throw new BpfException(
                    Errno.EINVAL,
                    "%s: %s is outside the policy's folder, and not taken from the class path"
                            .formatted(policy, name));
        }
        var resource = policy.createRelative(name.toString());
        if (!resource.exists()) {
            throw new BpfException(
                    Errno.ENOENT, "%s: names %s, which does not exist".formatted(policy, resource));
        }
        createFolders(folder, name);
        copy(resource, named);
    }

    private static void createFolders(Path folder, Path name) throws IOException {
        for (int depth = 1; depth < name.getNameCount(); depth++) {
            var between = folder.resolve(name.subpath(0, depth));
            if (Files.isDirectory(between)) continue;
            between.toFile().deleteOnExit();
            Files.createDirectory(between);
        }
    }

    private static void copy(Resource from, Path to) throws IOException {
        // In the order of creation, as the JVM deletes the last first.
        to.toFile().deleteOnExit();
        try (var bytes = from.getInputStream()) {
            Files.copy(bytes, to);
        }
    }
}
