#include "common/rpc/test_network.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "absl/strings/match.h"

namespace veche::rpc::testing {
namespace {

constexpr int kTick = 5;  // milliseconds

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

int Bind(int socket) {
  sockaddr_in address = Loopback(0);
  socklen_t size = sizeof(address);
  if (bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0) return 0;
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

int Connect(int port) {
  const int client = socket(AF_INET, SOCK_STREAM, 0);
  const sockaddr_in address = Loopback(port);
  if (connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) {
    return client;
  }
  close(client);
  return -1;
}

// Forwards what can be read; false when the connection has ended.
bool Forward(int from, int to) {
  char buffer[65536];
  const ssize_t size = recv(from, buffer, sizeof(buffer), MSG_DONTWAIT);
  if (size < 0) return true;
  return size > 0 && send(to, buffer, size, MSG_NOSIGNAL) == size;
}

}  // namespace

FreezableProxy::FreezableProxy(int target_port) : target_port_(target_port) {
  listener_ = socket(AF_INET, SOCK_STREAM, 0);
  port_ = Bind(listener_);
  listen(listener_, 16);
  thread_ = std::thread([this] { Run(); });
}

FreezableProxy::~FreezableProxy() {
  stopping_ = true;
  thread_.join();
  close(listener_);
}

void FreezableProxy::Run() {
  std::vector<std::pair<int, int>> connections;  // client, server
  while (!stopping_) {
    std::vector<pollfd> watched = {{listener_, POLLIN, 0}};
    for (const auto& [client, server] : connections) {
      watched.push_back({client, POLLIN, 0});
      watched.push_back({server, POLLIN, 0});
    }
    poll(watched.data(), frozen_ ? 0 : watched.size(), kTick);
    if (frozen_) continue;
    std::vector<std::pair<int, int>> open;
    for (const auto& [client, server] : connections) {
      if (Forward(client, server) && Forward(server, client)) {
        open.emplace_back(client, server);
      } else {
        close(client);
        close(server);
      }
    }
    if ((watched[0].revents & POLLIN) != 0) {
      const int client = accept(listener_, nullptr, nullptr);
      const int server = Connect(target_port_);
      if (server >= 0) {
        open.emplace_back(client, server);
      } else {
        close(client);
      }
    }
    connections = std::move(open);
  }
  for (const auto& [client, server] : connections) {
    close(client);
    close(server);
  }
}

TestDns::TestDns() {
  socket_ = socket(AF_INET, SOCK_DGRAM, 0);
  port_ = Bind(socket_);
  thread_ = std::thread([this] { Run(); });
}

TestDns::~TestDns() {
  shutdown(socket_, SHUT_RDWR);
  thread_.join();
  close(socket_);
}

void TestDns::Set(std::vector<std::string> addresses) {
  absl::MutexLock lock(&mutex_);
  addresses_ = std::move(addresses);
}

void TestDns::Run() {
  while (true) {
    char buffer[512];
    sockaddr_in from{};
    socklen_t size = sizeof(from);
    const ssize_t length =
        recvfrom(socket_, buffer, sizeof(buffer), 0, reinterpret_cast<sockaddr*>(&from), &size);
    if (length <= 0) return;  // shut down
    const std::string answer = Answer(std::string(buffer, length));
    sendto(socket_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
  }
}

std::string TestDns::Answer(const std::string& question) {
  constexpr size_t kHeader = 12;
  if (question.size() < kHeader + 5) return "";
  const size_t name_end = question.find('\0', kHeader);
  if (name_end == std::string::npos || name_end + 5 > question.size()) return "";
  const bool ipv4 = question[name_end + 2] == 1;
  absl::MutexLock lock(&mutex_);
  const size_t count = ipv4 ? addresses_.size() : 0;
  std::string answer = question.substr(0, 2);                             // id
  answer += std::string("\x85\x80\0\1\0", 5) + static_cast<char>(count);  // an answer, one question
  answer += std::string(4, '\0');
  answer += question.substr(kHeader, name_end + 5 - kHeader);
  for (size_t i = 0; i < count; ++i) {
    answer += std::string("\xc0\x0c\0\1\0\1\0\0\0\0\0\4", 12);  // the name, A, IN, no time to live
    in_addr address{};
    inet_pton(AF_INET, addresses_[i].c_str(), &address);
    answer.append(reinterpret_cast<const char*>(&address), sizeof(address));
  }
  return answer;
}

}  // namespace veche::rpc::testing
