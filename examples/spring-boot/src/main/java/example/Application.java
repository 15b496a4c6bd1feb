package example;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers every request. Nothing of it knows of a policy: application.properties names one. */
@SpringBootApplication
@RestController
public class Application {

    public static void main(String... arguments) {
        SpringApplication.run(Application.class, arguments);
    }

    @RequestMapping("/{*path}")
    String answer(HttpMethod method, @PathVariable String path) {
        return method + " " + path + "\n";
    }
}
