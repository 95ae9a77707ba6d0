#include "common/http/testing.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace veche::http::testing {

Client::Client(int port) {
  fd_ = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  const timeval timeout = {.tv_sec = 10, .tv_usec = 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
}

void Client::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

void Client::SendRaw(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // Read then shows the failure
    bytes.remove_prefix(sent);
  }
}

void Client::SendRequest(absl::string_view method, absl::string_view target,
                         absl::string_view headers, absl::string_view body) {
  std::string text = absl::StrCat(method, " ", target, " HTTP/1.1\r\nHost: test\r\n", headers);
  const bool framed = absl::StrContains(headers, "Content-Length") ||
                      absl::StrContains(headers, "Transfer-Encoding");
  if (!framed && (!body.empty() || method == "POST")) {
    absl::StrAppend(&text, "Content-Length: ", body.size(), "\r\n");
  }
  SendRaw(absl::StrCat(text, "\r\n", body));
}

ClientResponse Client::Request(absl::string_view method, absl::string_view target,
                               absl::string_view headers, absl::string_view body) {
  SendRequest(method, target, headers, body);
  return Read(method == "HEAD");
}

ClientResponse Client::Post(absl::string_view target, absl::string_view json,
                            absl::string_view headers, absl::string_view method) {
  return Request(method, target, absl::StrCat("Content-Type: application/json\r\n", headers), json);
}

bool Client::Fill() {
  char bytes[65536];
  const ssize_t got = recv(fd_, bytes, sizeof(bytes), 0);
  if (got <= 0) return false;
  buffer_.append(bytes, got);
  return true;
}

std::string Client::TakeUntil(absl::string_view mark) {
  size_t at;
  while ((at = buffer_.find(std::string(mark))) == std::string::npos) {
    if (!Fill()) return "";
  }
  return Take(at + mark.size());
}

std::string Client::Take(size_t bytes) {
  while (buffer_.size() < bytes && Fill()) {
  }
  const std::string result = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return result;
}

ClientResponse Client::ReadHead() {
  ClientResponse response;
  std::string line = TakeUntil("\r\n");
  if (!absl::StartsWith(line, "HTTP/1.1 ") ||
      !absl::SimpleAtoi(line.substr(9, 3), &response.status)) {
    return response;
  }
  while ((line = TakeUntil("\r\n")).size() > 2) {
    const size_t colon = line.find(':');
    response.headers[absl::AsciiStrToLower(line.substr(0, colon))] =
        std::string(absl::StripAsciiWhitespace(line.substr(colon + 1)));
  }
  return response;
}

bool Client::TakeChunk(std::string& body) {
  const std::string line = TakeUntil("\r\n");
  const size_t size = std::strtoul(line.c_str(), nullptr, 16);
  if (line.empty()) return false;
  body += Take(size);
  Take(2);
  return size > 0;
}

ClientResponse Client::Read(bool head) {
  ClientResponse response = ReadHead();
  if (response.status == 0 || head || response.status == 304 || response.status == 204) {
    return response;
  }
  if (response.Header("transfer-encoding") == "chunked") {
    while (TakeChunk(response.body)) {
    }
    return response;
  }
  size_t size = 0;
  if (absl::SimpleAtoi(response.Header("content-length"), &size)) response.body = Take(size);
  return response;
}

std::string Client::ReadChunksUntil(absl::string_view mark) {
  size_t at;
  while ((at = chunks_.find(std::string(mark))) == std::string::npos) {
    if (!TakeChunk(chunks_)) return std::exchange(chunks_, "");
  }
  const std::string result = chunks_.substr(0, at + mark.size());
  chunks_.erase(0, at + mark.size());
  return result;
}

bool Client::AtEnd() { return buffer_.empty() && !Fill(); }

}  // namespace veche::http::testing
