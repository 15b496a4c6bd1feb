package io.jsockmap.dashboard.collect;

import io.jsockmap.proxy.ConnectionReport;
import io.jsockmap.sockmap.UserObject;

import java.util.List;

/**
 * What is looked at. All methods may be called from any thread.
 *
 * {@snippet class="io.jsockmap.dashboard.examples.DashboardExamples" region="subject"}
 */
public interface Subject {
    /** The object whose programs judge. */
    UserObject object();

    /** The connections there are now. */
    List<ConnectionReport> connections();

    /** How many sockets there are now. */
    int sockets();

    /** Whether connections are accepted; no more once it ends. */
    boolean isServing();

    /** Where connections are accepted, and to where they are connected. */
    String listening();
}
