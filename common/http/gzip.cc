#include "common/http/gzip.h"

#include <zlib.h>

namespace veche::http {

std::string Gzip(absl::string_view text) {
  z_stream stream = {};
  // Level 4: on JSON within 5 % of level 6's size in half its time. 16 asks for gzip's framing.
  if (deflateInit2(&stream, 4, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) return "";
  std::string result(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  result.resize(done ? stream.total_out : 0);
  deflateEnd(&stream);
  return result;
}

}  // namespace veche::http
