#include "services/polling/commands/head_json.h"

#include <utility>

#include "common/merkle/tree.h"

namespace veche::polling {

std::string EncodeHead(const merkle::SignedHead& head) {
  return protocol::JsonObjectWriter()
      .String("poll", head.head.log_id)
      .Integer("treeSize", static_cast<int64_t>(head.head.size))
      .Integer("time", static_cast<int64_t>(head.head.unix_seconds))
      .Base64("rootHash", merkle::HashBytes(head.head.root))
      .Base64("signature", head.signature)
      .Take();
}

merkle::SignedHead DecodeHead(simdjson::dom::element value, std::string path,
                              absl::Status* status) {
  protocol::JsonObjectReader object(value, std::move(path),
                                    {"poll", "treeSize", "time", "rootHash", "signature"}, status);
  merkle::SignedHead head;
  head.head.log_id = object.String("poll");
  head.head.size = static_cast<uint64_t>(object.Integer("treeSize"));
  head.head.unix_seconds = static_cast<uint64_t>(object.Integer("time"));
  const auto root = merkle::HashFromBytes(object.Base64("rootHash", 32));
  if (root.ok()) head.head.root = *root;
  head.signature = object.Base64("signature", 64);
  return head;
}

}  // namespace veche::polling
