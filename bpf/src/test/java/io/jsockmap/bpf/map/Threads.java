package io.jsockmap.bpf.map;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Runs something on several threads that start together, and waits for all. */
final class Threads {
    private Threads() {}

    interface Task {
        void run(int thread) throws Exception;
    }

    static void run(int count, Task task) throws Exception {
        var start = new CyclicBarrier(count);
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int thread = i;
            tasks.add(
                    () -> {
                        start.await();
                        task.run(thread);
                        return null;
                    });
        }
        try (var threads = Executors.newFixedThreadPool(count)) {
            for (var done : threads.invokeAll(tasks, 1, TimeUnit.MINUTES)) done.get();
        }
    }
}
