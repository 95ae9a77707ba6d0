#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/redis/client.h"

struct redisReader;

namespace veche::redis {

// Appends a command in the protocol of Redis.
void AppendCommand(const std::vector<std::string>& arguments, std::string& out);

// Makes replies of the bytes that a server sends. Not thread-safe.
class ReplyReader {
 public:
  ReplyReader();
  ~ReplyReader();

  void Feed(absl::string_view bytes);
  // The next reply, which may be an error. Nullopt: more bytes are needed. DataLoss: the bytes are
  // no replies, and neither are those that follow.
  absl::StatusOr<std::optional<Reply>> Next();

 private:
  struct Free {
    void operator()(redisReader* reader) const;
  };
  std::unique_ptr<redisReader, Free> reader_;
};

}  // namespace veche::redis
