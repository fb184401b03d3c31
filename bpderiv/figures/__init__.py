"""Pictures for the course, drawn with matplotlib from the data itself.

Every function returns a `Picture`: the figure, and alt text that says in words and numbers
what is to be seen. Quantities have one colour each (`PALETTE`), and whatever a colour tells
is also told by a label, a line style, a width or a marker.
"""

from bpderiv.figures.checking import seen_map, v_curve
from bpderiv.figures.confusion import confusion_map
from bpderiv.figures.curves import activation_curves, error_curve
from bpderiv.figures.flow import signal_flow
from bpderiv.figures.images import digit_images, weight_images
from bpderiv.figures.layers import delta_by_layer
from bpderiv.figures.maps import jacobian_map, jacobian_pair, jacobian_product
from bpderiv.figures.nudge import wiggle
from bpderiv.figures.palette import PALETTE
from bpderiv.figures.picture import Picture
from bpderiv.figures.plane import answer_plane
from bpderiv.figures.pointer import point_at
from bpderiv.figures.surface import error_surface

__all__ = [
    "PALETTE",
    "Picture",
    "activation_curves",
    "answer_plane",
    "confusion_map",
    "delta_by_layer",
    "digit_images",
    "error_curve",
    "error_surface",
    "jacobian_map",
    "jacobian_pair",
    "jacobian_product",
    "point_at",
    "seen_map",
    "signal_flow",
    "v_curve",
    "weight_images",
    "wiggle",
]
