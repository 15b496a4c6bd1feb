package io.jsockmap.provider;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.apache.catalina.startup.Tomcat;

import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;

/** Tomcat's server on the provider that the command line chose, asked by the JDK's client. */
final class TomcatHttp {
    private TomcatHttp() {}

    public static void main(String[] arguments) throws Exception {
        var policy = Policy.judging();
        SockmapSelectorProvider.use(() -> policy);
        var folder = Path.of("target/tomcat").toAbsolutePath();
        var server = new Tomcat();
        server.setBaseDir(folder.toString());
        server.setPort(0);
        server.getConnector().setProperty("address", "127.0.0.1");
        var context = server.addContext("", folder.toString());
        Tomcat.addServlet(context, "echo", new Echo()).addMapping("/echo");
        server.start();
        long bytes = HttpTraffic.run(server.getConnector().getLocalPort());
        server.stop();
        System.out.println("provider " + SelectorProvider.provider());
        policy.checkBothWays(bytes);
        System.exit(0);
    }

    private static final class Echo extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
            request.getInputStream().transferTo(response.getOutputStream());
        }
    }
}
