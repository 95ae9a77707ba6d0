#include "common/redis/protocol.h"

#include <hiredis/hiredis.h>

#include "absl/strings/str_cat.h"

namespace veche::redis {
namespace {

struct FreeReply {
  void operator()(void* reply) const { freeReplyObject(reply); }
};

absl::string_view TextOf(const redisReply& reply) { return {reply.str, reply.len}; }

Reply FromHiredis(const redisReply& from) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_INTEGER:
      reply.kind = Reply::Kind::kInteger;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      reply.kind = from.type == REDIS_REPLY_ERROR ? Reply::Kind::kError : Reply::Kind::kText;
      reply.text = std::string(TextOf(from));
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = Reply::Kind::kList;
      reply.list.reserve(from.elements);
      for (size_t i = 0; i < from.elements; ++i)
        reply.list.push_back(FromHiredis(*from.element[i]));
      break;
    default:
      break;  // nil
  }
  return reply;
}

}  // namespace

void AppendCommand(const std::vector<std::string>& arguments, std::string& out) {
  absl::StrAppend(&out, "*", arguments.size(), "\r\n");
  for (const std::string& argument : arguments) {
    absl::StrAppend(&out, "$", argument.size(), "\r\n", argument, "\r\n");
  }
}

void ReplyReader::Free::operator()(redisReader* reader) const { redisReaderFree(reader); }

ReplyReader::ReplyReader() : reader_(redisReaderCreate()) {}
ReplyReader::~ReplyReader() = default;

void ReplyReader::Feed(absl::string_view bytes) {
  redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
}

absl::StatusOr<std::optional<Reply>> ReplyReader::Next() {
  void* raw = nullptr;
  if (redisReaderGetReply(reader_.get(), &raw) != REDIS_OK) {
    return absl::DataLossError(absl::StrCat("the answer is not Redis': ", reader_->errstr));
  }
  if (raw == nullptr) return std::nullopt;
  const std::unique_ptr<redisReply, FreeReply> reply(static_cast<redisReply*>(raw));
  return FromHiredis(*reply);
}

}  // namespace veche::redis
