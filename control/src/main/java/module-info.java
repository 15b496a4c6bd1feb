/** What a running engine has, and a local socket by which its owner asks for it and changes it. */
module io.jsockmap.control {
    requires transitive com.google.gson;
    requires transitive io.jsockmap.sockmap;
    requires jdk.net;
    requires jdk.security.auth;

    exports io.jsockmap.control;
    exports io.jsockmap.control.inventory;
}
