/** Draws boxes with exact coverage, as a canvas fills rectangles. `u_mode` says what an instance's four numbers mean. */
export const boxVertex = `#version 300 es
in vec4 a_box;
uniform vec2 u_size;
uniform int u_mode;
uniform float u_half;
uniform float u_side;
uniform vec2 u_dash;
flat out vec4 v_box;
void main() {
  vec4 box;
  if (u_mode == 0) box = vec4(a_box.x - u_side, a_box.y - u_half, a_box.x + 1.0 + u_side, a_box.z + u_half);
  else if (u_mode == 1) box = vec4(a_box.x, min(a_box.y, a_box.w), a_box.x + 1.0, max(a_box.z, a_box.w));
  else if (u_mode == 2) box = vec4(a_box.xy, a_box.xy + max(a_box.zw, vec2(a_box.z, 1.0)));
  else if (u_mode == 3) box = vec4(a_box.xy - u_half, a_box.xy + u_half);
  else box = vec4(a_box.x, floor(a_box.y), a_box.x + 1.0, max(floor(a_box.y) + 1.0, ceil(a_box.z)));
  if (u_dash.y > 0.0 && u_mode == 0 && mod(a_box.x, u_dash.x + u_dash.y) >= u_dash.x) box = vec4(0.0);
  v_box = box;
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  vec2 at = mix(floor(box.xy), ceil(box.zw), corner);
  gl_Position = vec4(at.x / u_size.x * 2.0 - 1.0, 1.0 - at.y / u_size.y * 2.0, 0.0, 1.0);
}`;

export const boxFragment = `#version 300 es
precision highp float;
precision highp int;
flat in vec4 v_box;
uniform vec4 u_color;
uniform vec2 u_size;
out vec4 color;
void main() {
  vec2 at = vec2(gl_FragCoord.x, u_size.y - gl_FragCoord.y);
  vec2 covered = clamp(min(at + 0.5, v_box.zw) - max(at - 0.5, v_box.xy), 0.0, 1.0);
  color = u_color * covered.x * covered.y;
}`;

/** Draws segments with round ends (`u_mode` 0), or the area between a segment and its base (1). A NaN end draws nothing. */
export const segmentVertex = `#version 300 es
in vec3 a_from;
in vec3 a_to;
uniform vec2 u_size;
uniform int u_mode;
uniform float u_half;
flat out vec3 v_from;
flat out vec3 v_to;
void main() {
  bool broken = !(a_from.x > -1e30 && a_to.x > -1e30);
  vec3 from = broken ? vec3(0.0) : a_from;
  vec3 to = broken ? vec3(0.0) : a_to;
  v_from = from;
  v_to = to;
  vec4 box = u_mode == 0
    ? vec4(min(from.xy, to.xy) - u_half - 1.0, max(from.xy, to.xy) + u_half + 1.0)
    : vec4(from.x - 1.0, min(min(from.y, to.y), min(from.z, to.z)) - 1.0, to.x + 1.0, max(max(from.y, to.y), max(from.z, to.z)) + 1.0);
  if (broken) box = vec4(0.0);
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  vec2 at = mix(box.xy, box.zw, corner);
  gl_Position = vec4(at.x / u_size.x * 2.0 - 1.0, 1.0 - at.y / u_size.y * 2.0, 0.0, 1.0);
}`;

export const segmentFragment = `#version 300 es
precision highp float;
precision highp int;
flat in vec3 v_from;
flat in vec3 v_to;
uniform vec4 u_color;
uniform vec2 u_size;
uniform int u_mode;
uniform float u_half;
uniform vec2 u_dash;
out vec4 color;
void main() {
  vec2 at = vec2(gl_FragCoord.x, u_size.y - gl_FragCoord.y);
  float covered;
  if (u_mode == 0) {
    vec2 along = v_to.xy - v_from.xy;
    float share = clamp(dot(at - v_from.xy, along) / max(dot(along, along), 1e-12), 0.0, 1.0);
    covered = clamp(u_half + 0.5 - distance(at, v_from.xy + share * along), 0.0, 1.0);
    if (u_dash.y > 0.0 && mod(at.x, u_dash.x + u_dash.y) >= u_dash.x) covered = 0.0;
  } else {
    float share = clamp((at.x - v_from.x) / max(v_to.x - v_from.x, 1e-12), 0.0, 1.0);
    float line = mix(v_from.y, v_to.y, share);
    float base = mix(v_from.z, v_to.z, share);
    float across = clamp(min(at.x + 0.5, v_to.x) - max(at.x - 0.5, v_from.x), 0.0, 1.0);
    covered = across * clamp(min(at.y + 0.5, max(line, base)) - max(at.y - 0.5, min(line, base)), 0.0, 1.0);
  }
  color = u_color * covered;
}`;
