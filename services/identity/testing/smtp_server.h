#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace veche::identity::testing {

// The relay of smtp_server.py as a child process; the destructor ends it. port() is 0 when Debian's
// python3-aiosmtpd is not installed.
class SmtpServer {
 public:
  // `options` follow the folder on the command line.
  explicit SmtpServer(std::filesystem::path folder, std::vector<std::string> options = {})
      : folder_(std::move(folder)) {
    int to_child[2], from_child[2];
    if (::pipe(to_child) != 0 || ::pipe(from_child) != 0) return;
    const char* source = std::getenv("VECHE_SOURCE_DIR");
    std::vector<std::string> args = {
        "/usr/bin/python3",
        absl::StrCat(source == nullptr ? "." : source, "/services/identity/testing/smtp_server.py"),
        folder_.string()};
    args.insert(args.end(), options.begin(), options.end());
    std::vector<char*> pointers;
    for (std::string& arg : args) pointers.push_back(arg.data());
    pointers.push_back(nullptr);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(to_child[0], STDIN_FILENO);
      ::dup2(from_child[1], STDOUT_FILENO);
      for (const int fd : {to_child[0], to_child[1], from_child[0], from_child[1]}) ::close(fd);
      ::execv(pointers[0], pointers.data());
      ::_exit(127);
    }
    ::close(to_child[0]);
    ::close(from_child[1]);
    stdin_ = to_child[1];
    std::string line;
    for (char c = 0; ::read(from_child[0], &c, 1) == 1 && c != '\n';) line.push_back(c);
    ::close(from_child[0]);
    if (!absl::SimpleAtoi(line, &port_)) port_ = 0;
  }
  SmtpServer(const SmtpServer&) = delete;
  ~SmtpServer() { Stop(); }

  void Stop() {
    if (child_ <= 0) return;
    ::close(stdin_);
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }

  int port() const { return port_; }
  std::string url() const { return absl::StrCat("smtp://127.0.0.1:", port_); }

  // The messages that it has accepted, in their order. Lines that begin with "X-" tell what the
  // relay saw of the envelope and the connection.
  std::vector<std::string> messages() const {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
      if (entry.path().extension() == ".eml") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> messages;
    for (const std::filesystem::path& file : files) {
      std::ostringstream text;
      text << std::ifstream(file, std::ios::binary).rdbuf();
      messages.push_back(text.str());
    }
    return messages;
  }

 private:
  const std::filesystem::path folder_;
  pid_t child_ = -1;
  int stdin_ = -1;
  int port_ = 0;
};

}  // namespace veche::identity::testing
