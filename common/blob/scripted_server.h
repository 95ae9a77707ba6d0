#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"

// Private to s3_test.cc.

namespace veche::blob {

// An answer of HTTP; each of `headers` ends in "\r\n".
inline std::string Http(int status, absl::string_view body = "", absl::string_view headers = "") {
  return absl::StrCat("HTTP/1.1 ", status,
                      " Status\r\nConnection: close\r\nContent-Length: ", body.size(), "\r\n",
                      headers, "\r\n", body);
}

// A server that gives the answers of a list, one for each request and connection. An empty answer
// never comes.
class ScriptedServer {
 public:
  ScriptedServer() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(socket_, 16), 0);
    EXPECT_EQ(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    url_ = absl::StrCat("http://127.0.0.1:", ntohs(address.sin_port));
    thread_ = std::thread([this] { Run(); });
  }
  ~ScriptedServer() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }

  void Answer(std::vector<std::string> answers) {
    absl::MutexLock lock(&mutex_);
    for (std::string& answer : answers) answers_.push_back(std::move(answer));
  }
  void WaitForRequest() {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](ScriptedServer* self) ABSL_NO_THREAD_SAFETY_ANALYSIS { return self->peer_ >= 0; },
        this));
  }
  // Ends the connection whose answer never comes.
  void HangUp() {
    absl::MutexLock lock(&mutex_);
    shutdown(peer_, SHUT_RDWR);
  }
  // The requests so far, with head and body.
  std::vector<std::string> Requests() {
    absl::MutexLock lock(&mutex_);
    return requests_;
  }
  const std::string& url() const { return url_; }

 private:
  void Run() {
    int peer = -1;
    while ((peer = accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
      Serve(peer);
      close(peer);
    }
  }

  void Serve(int peer) {
    std::string request;
    while (!IsWhole(request)) {
      if (!Receive(peer, request)) return;
    }
    std::string answer;
    {
      absl::MutexLock lock(&mutex_);
      requests_.push_back(request);
      answer = answers_.empty() ? Http(418) : answers_.front();
      if (!answers_.empty()) answers_.pop_front();
    }
    if (answer.empty()) return Hang(peer);
    EXPECT_EQ(send(peer, answer.data(), answer.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(answer.size()));
  }

  void Hang(int peer) {
    SetHanging(peer);
    std::string rest;
    while (Receive(peer, rest)) {
    }
    SetHanging(-1);
  }

  void SetHanging(int peer) {
    absl::MutexLock lock(&mutex_);
    peer_ = peer;
  }

  static bool Receive(int peer, std::string& into) {
    char bytes[65536];
    const ssize_t got = recv(peer, bytes, sizeof bytes, 0);
    if (got > 0) into.append(bytes, static_cast<size_t>(got));
    return got > 0;
  }

  static bool IsWhole(absl::string_view request) {
    const size_t end = request.find("\r\n\r\n");
    if (end == absl::string_view::npos) return false;
    const std::string head = absl::AsciiStrToLower(request.substr(0, end + 2));
    const size_t field = head.find("content-length: ");
    size_t length = 0;
    if (field != std::string::npos) {
      const absl::string_view rest = absl::string_view(head).substr(field + 16);
      EXPECT_TRUE(absl::SimpleAtoi(rest.substr(0, rest.find('\r')), &length));
    }
    return request.size() >= end + 4 + length;
  }

  const int socket_;
  std::string url_;
  absl::Mutex mutex_;
  std::deque<std::string> answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  int peer_ ABSL_GUARDED_BY(mutex_) = -1;  // of an answer that never comes
  std::thread thread_;
};

}  // namespace veche::blob
