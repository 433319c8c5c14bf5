// Addresses as makers of cameras want them, with passwords in them, and how they are shown.

/** [address, as everybody may see it, its secrets]. */
export const ADDRESSES: readonly (readonly [string, string, readonly string[]])[] = [
  ["http://cam/video.cgi?user=a&pwd=b", "http://cam/video.cgi?user=a&pwd=[secret]", ["b"]],
  [
    "rtmp://cam/bcs/channel0_main.bcs?channel=0&stream=0&user=admin&password=x/y?z",
    "rtmp://cam/bcs/channel0_main.bcs?channel=0&stream=0&user=admin&password=[secret]",
    ["x/y?z"],
  ],
  [
    "rtsp://10.0.0.5:554/user=admin_password=x_y_channel=1_stream=0.sdp?real_stream",
    "rtsp://10.0.0.5:554/user=admin_password=[secret]_channel=1_stream=0.sdp?real_stream",
    ["x_y"],
  ],
  ["rtsp://h/user=admin&password=x&channel=1", "rtsp://h/user=admin&password=[secret]&channel=1", ["x"]],
  ["rtsp://h/?user=admin_password=x_channel=1", "rtsp://h/?user=admin_password=[secret]_channel=1", ["x"]],
  ["http://h/live?loginuse=a&loginpas=b&x=1", "http://h/live?loginuse=a&loginpas=[secret]&x=1", ["b"]],
  ["http://h/?usr=a&psw=b", "http://h/?usr=a&psw=[secret]", ["b"]],
  ["http://h/?pass=b&PW=c", "http://h/?pass=[secret]&PW=[secret]", ["b", "c"]],
  ["http://h/?a=1;user_pwd=b", "http://h/?a=1;user_pwd=[secret]", ["b"]],
  ["http://h/?access_token=ab_c=&x=1", "http://h/?access_token=[secret]&x=1", ["ab_c="]],
  ["rtsp://h/cam?channel=1&authbasic=YWRtaW4=", "rtsp://h/cam?channel=1&authbasic=[secret]", ["YWRtaW4="]],
  ["rtsp://h:554/0/admin:b/main", "rtsp://h:554/0/admin:[secret]/main", ["b"]],
  ["rtsp://h/0/admin:b:c/main", "rtsp://h/0/admin:[secret]/main", ["b:c"]],
  ["rtsp://h/me@x.de:secret/", "rtsp://h/me@x.de:[secret]/", ["secret"]],
  ["rtsp://h/me+cam%40x.de:secret", "rtsp://h/me+cam%40x.de:[secret]", ["secret"]],
  ["rtsp://h/0/2fast:b/main", "rtsp://h/0/2fast:[secret]/main", ["b"]],
  ["rtsp://h/admin:1234/1", "rtsp://h/admin:[secret]/1", ["1234"]],
  ["http://h/?user1=a&password1=b", "http://h/?user1=a&password1=[secret]", ["b"]],
  ["http://h/?user=admin:sec&x=1", "http://h/?user=admin:[secret]&x=1", ["sec"]],
  ["http://h/x?login_user=me@x.de:s:c", "http://h/x?login_user=me@x.de:[secret]", ["s:c"]],
  ["rtsp://h/user=admin:123/1", "rtsp://h/user=admin:[secret]/1", ["123"]],
  [
    "rtsp://h/user=admin_password=a_b=c_channel=1_stream=0.sdp?real_stream",
    "rtsp://h/user=admin_password=[secret]_channel=1_stream=0.sdp?real_stream",
    ["a_b=c"],
  ],
  ["rtsp://h/user=admin_password=_b=c_stream=0", "rtsp://h/user=admin_password=[secret]_stream=0", ["_b=c"]],
  ["rtsp://h/user=a_password=x:y_real_stream=1", "rtsp://h/user=a_password=[secret]_real_stream=1", ["x:y"]],
];
